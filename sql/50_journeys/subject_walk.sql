-- model: subject_walk
-- layer: journeys
-- grain: one row per event up to the cutoff that follows a customer or one deal
-- key: event_id
-- not_null: subject_id, subject_no, block_no
-- reads: person_event, event_placement, stage, run_setting
-- why: puts what a journey follows in total order, and says which stages still count after an outcome
with

walk as (

    select
        person_event.event_id,
        coalesce('deal ' || event_placement.deal_id, person_event.person_id) as subject_id,
        event_placement.deal_id,
        person_event.person_id,
        person_event.member_id,
        person_event.occurred_at,
        person_event.order_key,
        person_event.event_kind,
        person_event.channel,
        person_event.touchpoint,
        person_event.outcome,
        person_event.is_life_sign,
        case
            when person_event.ts_quality <> 'date_only'
                then date_trunc('second', person_event.occurred_at)
        end as second_at,
        stage.stage_no
    from person_event
    -- one to one
    inner join event_placement on person_event.event_id = event_placement.event_id
    left join stage on person_event.stage_seen = stage.stage
    cross join run_setting
    where
        event_placement.placement <> 'ambiguous'
        and person_event.occurred_at <= run_setting.as_of

)

select
    event_id,
    subject_id,
    deal_id,
    person_id,
    member_id,
    occurred_at,
    order_key,
    event_kind,
    channel,
    touchpoint,
    outcome,
    is_life_sign,
    second_at,
    row_number() over (
        partition by subject_id
        order by occurred_at, order_key, event_id
    ) as subject_no,
    coalesce(
        sum(case when outcome is null then 0 else 1 end) over (
            partition by subject_id
            order by occurred_at, order_key, event_id
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as block_no,
    -- what comes after a deal is closed moves it no more, unless it is closed again
    case
        when
            deal_id is null
            or max(case when outcome is not null then 1 else 0 end) over (
                partition by subject_id
                order by occurred_at, order_key, event_id
                rows between current row and unbounded following
            ) = 1
            or count(outcome) over (partition by subject_id) = 0
            then stage_no
    end as stage_no
from walk
