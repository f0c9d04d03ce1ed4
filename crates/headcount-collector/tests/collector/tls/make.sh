#!/bin/sh
# Makes the certificates of these tests anew, with OpenSSL: an authority of nobody's, one below it,
# and servers of theirs on this machine: with a key of ECDSA and of RSA, whose time is over, whose
# time has not come, and one of another name.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in authority between server; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$scratch/$name.key"
done
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$scratch/rsa.key" 2>/dev/null
for name in authority between server rsa; do
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
subjectAltName = IP:127.0.0.1, IP:::1, DNS:localhost, DNS:telemetry.example.org
extendedKeyUsage = serverAuth
[elsewhere]
subjectAltName = DNS:elsewhere.example.org, DNS:*.apart.example.org
extendedKeyUsage = serverAuth
END
sign() { # REQUEST EXTENSIONS FROM UNTIL OUT, and who signs
    request=$1 extensions=$2 from=$3 until=$4 out=$5
    shift 5
    openssl ca -batch -notext -config "$scratch/ca.conf" "$@" \
        -in "$scratch/$request.csr" -extensions "$extensions" \
        -startdate "$from" -enddate "$until" -out "$scratch/$out.pem" 2>/dev/null
}
by() { # NAME
    echo "-keyfile $scratch/$1.key -cert $scratch/$1.pem"
}
sign authority authority 20200101000000Z 21200101000000Z authority \
    -keyfile "$scratch/authority.key" -selfsign
# shellcheck disable=SC2046 # two options and their values
{
    sign between authority 20200101000000Z 21200101000000Z between $(by authority)
    sign server server 20200101000000Z 21200101000000Z server $(by between)
    sign rsa server 20200101000000Z 21190101000000Z rsa $(by authority)
    sign server server 20200101000000Z 20210101000000Z expired $(by authority)
    sign server server 21100101000000Z 21200101000000Z future $(by authority)
    sign server elsewhere 20200101000000Z 21200101000000Z elsewhere $(by authority)
}
for name in authority between server rsa expired future elsewhere; do
    openssl x509 -in "$scratch/$name.pem" -outform DER -out "$name.der"
done
# Not as text: they are the keys of these tests alone, and look like anybody's.
openssl pkcs8 -topk8 -nocrypt -in "$scratch/server.key" -outform DER -out server.pkcs8.der
openssl ec -in "$scratch/server.key" -outform DER -out server.sec1.der 2>/dev/null
openssl rsa -in "$scratch/rsa.key" -traditional -outform DER -out rsa.pkcs1.der 2>/dev/null
