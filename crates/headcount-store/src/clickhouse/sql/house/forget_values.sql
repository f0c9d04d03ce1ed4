-- Values that are not told any more have no row of their own: told again, they start anew.
INSERT INTO vocabulary
SELECT product, `column`, text, 'gone', {revision:UInt64} FROM vocabulary FINAL
WHERE product = {product:String} AND standing = 'row' AND (`column`, text) NOT IN (@include(told_since))
