-- What a question has to add to the counts: see parts/uncovered.sql.
@include(uncovered)
