
none