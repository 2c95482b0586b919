-- model: stage_path
-- layer: paths
-- grain: one row per segment, sequence of stages on the way of progress, and ending
-- key: segment, path, ending
-- reads: stage_advance
-- why: whole ways, so that a picture can leave rare ones out and what it draws still adds up exactly
-- not_null: path, ending, journey_count, customer_count
with

journey_path as (

    select
        journey_id,
        person_id,
        segment as own_segment,
        ending,
        string_agg(
            case when stage <> 'journey_start' then stage end, '>' order by advance_no
        ) as stages
    from stage_advance
    group by journey_id, person_id, segment, ending

),

named_path as (

    select
        journey_id,
        person_id,
        own_segment,
        ending,
        coalesce(stages, '') as path
    from journey_path

)

select
    coalesce(own_segment, 'all') as segment,
    path,
    ending,
    count(*) as journey_count,
    count(distinct person_id) as customer_count
from named_path
group by grouping sets ((own_segment, path, ending), (path, ending))
