-- model: scores_within_bounds
-- layer: checks
-- grain: one row per number outside of its interval, or share outside of 0 to 1
-- key: none
-- reads: metric_value
-- why: a number that leaves its own bounds was computed or joined wrongly
with

bounded as (

    select
        estimand,
        segment,
        stage,
        estimate,
        interval_low,
        interval_high,
        case
            when
                estimand in (
                    'voice', 'rating', 'rating_nps', 'rating_csat', 'rating_ces', 'rating_review',
                    'rating_call_rating', 'voice_and_rating', 'all_customers'
                )
                then -1.0
            when estimand = 'nps' then -100.0
            else 0.0
        end as lowest,
        case
            when
                estimand in (
                    'stage_entered', 'journeys', 'open_journeys',
                    'stage_dwell_median', 'journey_duration_median',
                    'first_response_median', 'first_response_q90',
                    'resolution_median', 'resolution_q90', 'customer_value',
                    'answer_wait_median', 'answer_wait_q90'
                )
                then null
            when estimand = 'nps' then 100.0
            else 1.0
        end as highest
    from metric_value
    where estimate is not null

)

select
    estimand,
    segment,
    stage,
    estimate,
    interval_low,
    interval_high
from bounded
where
    estimate < lowest - 0.000000001
    or estimate > highest + 0.000000001
    or estimate < interval_low - 0.000000001
    or estimate > interval_high + 0.000000001
