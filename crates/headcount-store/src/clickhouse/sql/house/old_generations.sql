-- The largest number that was taken more than {seconds} ago, by the server's clock.
SELECT max(generation) FROM generations WHERE since < now() - {seconds:UInt64}
