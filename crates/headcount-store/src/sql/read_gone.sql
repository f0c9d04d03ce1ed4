-- embedded::examine::counts::Proofs::read
SELECT product, day, why FROM gone_events
