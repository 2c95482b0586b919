-- model: stage_wait
-- layer: scores
-- grain: one row per stage in which customers were answered
-- key: stage
-- reads: episode_wait
-- why: what is usual in a stage decides what is a long wait in it
with

answered as (

    select
        stage,
        seconds_waited
    from episode_wait
    where seconds_waited is not null

)

select
    stage,
    count(*) as wait_count,
    quantile_cont(seconds_waited, 0.5) as median_seconds,
    quantile_cont(seconds_waited, 0.9) as long_seconds
from answered
group by stage
