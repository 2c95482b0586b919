-- model: packed_activity
-- layer: packed_paths
-- grain: one row per touchpoint that a step has
-- key: code
-- reads: journey_step
-- why: a number for each name, so that the packed layout compares and sorts numbers only
with

named_step as (

    select coalesce(nullif(touchpoint, ''), 'other') as activity
    from journey_step

),

named_activity as (

    select distinct activity
    from named_step

)

select
    row_number() over (order by activity) - 1 as code,
    activity
from named_activity
