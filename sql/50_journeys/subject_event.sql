-- model: subject_event
-- layer: journeys
-- grain: one row per event up to the cutoff that follows a person or one deal
-- key: event_id
-- not_null: subject_id, subject_no
-- reads: person_event, event_placement, stage, run_setting
-- why: the walk that is cut into journeys, in total order, whatever a journey follows
with

walk as (

    select
        person_event.event_id,
        coalesce('deal ' || event_placement.deal_id, person_event.person_id) as subject_id,
        event_placement.deal_id,
        person_event.person_id,
        person_event.occurred_at,
        person_event.order_key,
        person_event.event_kind,
        person_event.channel,
        person_event.touchpoint,
        person_event.outcome,
        person_event.is_life_sign,
        stage.stage_no
    from person_event
    -- one to one
    inner join event_placement on person_event.event_id = event_placement.event_id
    left join stage on person_event.stage_seen = stage.stage
    cross join run_setting
    where
        event_placement.placement <> 'ambiguous'
        and person_event.occurred_at <= run_setting.as_of

),

numbered_walk as (

    select
        event_id,
        subject_id,
        deal_id,
        person_id,
        occurred_at,
        order_key,
        event_kind,
        channel,
        touchpoint,
        outcome,
        is_life_sign,
        stage_no,
        row_number() over (
            partition by subject_id
            order by occurred_at, order_key, event_id
        ) as subject_no
    from walk

)

select
    event_id,
    subject_id,
    deal_id,
    person_id,
    subject_no,
    occurred_at,
    order_key,
    event_kind,
    channel,
    touchpoint,
    outcome,
    is_life_sign,
    -- what comes after a deal is closed moves it no more, unless it is closed again
    case
        when
            deal_id is null
            or coalesce(
                subject_no <= max(case when outcome is not null then subject_no end) over (
                    partition by subject_id
                ),
                true
            )
            then stage_no
    end as stage_no
from numbered_walk
