-- embedded::sealing::clean::delete_some
DELETE FROM sealed_until
