-- model: journey_ending
-- layer: journeys
-- grain: one row per journey
-- key: journey_id
-- not_null: ending, is_left_uncertain, is_first_entry_dated
-- reads: journey_total, customer_segment, silence_threshold, run_setting
-- why: says how each journey stands at the cutoff - open is not lost - and whether its beginning was seen
with

judged_journey as (

    select
        journey_total.journey_id,
        case
            when journey_total.outcome is not null then journey_total.outcome
            when
                journey_total.last_sign_at
                + interval 1 second * cast(floor(last_silence.days_in_force * 86400) as bigint)
                <= run_setting.as_of
                then 'silent'
            else 'open'
        end as ending,
        coalesce(
            journey_total.outcome_at,
            journey_total.last_sign_at
            + interval 1 second * cast(floor(last_silence.days_in_force * 86400) as bigint)
        ) as ending_at,
        journey_total.first_kind,
        -- before the first event that is seen, others of the same journey may lie in the dark
        journey_total.started_at
        < run_setting.observed_from
        + interval 1 second * cast(floor(first_silence.days_in_force * 86400) as bigint)
            as is_start_unseen,
        run_setting.observed_from
    from journey_total
    -- many to one, each
    inner join customer_segment on journey_total.person_id = customer_segment.person_id
    inner join silence_threshold as first_silence
        on
            journey_total.first_stage = first_silence.stage
            and customer_segment.segment = first_silence.segment
    inner join silence_threshold as last_silence
        on
            journey_total.last_stage = last_silence.stage
            and customer_segment.segment = last_silence.segment
    cross join run_setting

)

select
    journey_id,
    ending,
    case when ending <> 'open' then ending_at end as ended_at,
    is_start_unseen as is_left_uncertain,
    -- a record's creation in the CRM dates a stage even where the journey's start is not seen, unless
    -- the journey was over before observation began: of such ones only the CRM's part is seen
    (not is_start_unseen or first_kind in ('deal_created', 'lead_created', 'order_created'))
    and not (ending <> 'open' and ending_at <= observed_from) as is_first_entry_dated
from judged_journey
