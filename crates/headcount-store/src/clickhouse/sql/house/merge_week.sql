-- Makes one part of a week that is over: FINAL has nothing to merge then.
OPTIMIZE TABLE @events @on_cluster PARTITION {week:String} FINAL
