#!/bin/sh
# Makes the certificates of these tests anew, with OpenSSL: an authority of nobody's, a server of it
# on this machine, and the same server when its time was over.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in authority server; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$scratch/$name.key"
    openssl req -new -key "$scratch/$name.key" -subj "/CN=$name of nobody" -out "$scratch/$name.csr"
done
: >"$scratch/index.txt"
cat >"$scratch/ca.conf" <<END
[ca]
default_ca = nobody
[nobody]
database = $scratch/index.txt
new_certs_dir = $scratch
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
subjectAltName = IP:127.0.0.1, DNS:localhost
extendedKeyUsage = serverAuth
END
sign() { # NAME EXTENSIONS UNTIL OUT, and who signs
    request=$1 extensions=$2 until=$3 out=$4
    shift 4
    openssl ca -batch -notext -config "$scratch/ca.conf" -keyfile "$scratch/authority.key" "$@" \
        -in "$scratch/$request.csr" -extensions "$extensions" \
        -startdate 20200101000000Z -enddate "$until" -out "$scratch/$out.pem" 2>/dev/null
}
sign authority authority 21200101000000Z authority -selfsign
sign server server 21200101000000Z server -cert "$scratch/authority.pem"
sign server server 20210101000000Z expired -cert "$scratch/authority.pem"
cp "$scratch/authority.pem" .
for name in server expired; do
    openssl x509 -in "$scratch/$name.pem" -outform DER -out "$name.der"
done
# Not as text: it is the key of this test alone, and looks like anybody's.
openssl pkcs8 -topk8 -nocrypt -in "$scratch/server.key" -outform DER -out server.key.der
