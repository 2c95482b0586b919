-- model: place
-- layer: events
-- grain: one row per number from 1 to 1000
-- key: place_no
-- reads: none
-- why: takes lists in text apart by the number of the item, without functions of lists
with

digit as (

    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit

)

-- numbers of items, 1 to 1000; lists are coalesced below, because DuckDB 2.0 fails on
-- split_part(...) = 'x' where all of the column is null
select hundreds.digit * 100 + tens.digit * 10 + ones.digit + 1 as place_no
from digit as ones
-- many to many: every number once
cross join digit as tens
cross join digit as hundreds
