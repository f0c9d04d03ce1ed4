-- Whether an event has no copy in a batch that is counted, if there are too many of them to be told.
(day, id) NOT IN (@include(counted_copies))
