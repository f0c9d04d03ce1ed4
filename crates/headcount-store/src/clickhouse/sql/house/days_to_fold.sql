-- The days up to {closed} that are several generations: questions are told each of them.
SELECT product, day FROM counted FINAL WHERE day <= {closed:Date} AND length(parts) > 1 ORDER BY product, day
