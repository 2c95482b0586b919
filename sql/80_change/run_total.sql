-- model: run_total
-- layer: change
-- grain: one row per total of this run and per place or part that must make the same number
-- key: total, part
-- reads: source_status, event, event_person, person_event, excluded_event, journey_step, outside_event, event_text, sentiment, segment_member, metric_value, trace_variant, stage_flow, stage_path, step_flow
-- not_null: total, part, side, amount
-- why: totals that several tables and pages tell stand side by side, so that a reader sees whether they agree
-- side whole: the number to be met; part: parts add up to it; same: another place that must tell it alone
with

told as (

    select
        'rows' as total,
        'rows_read' as part,
        'whole' as side,
        sum(rows_read) as amount
    from source_status
    union all
    select 'rows', 'rows_accepted', 'part', sum(rows_accepted) from source_status
    union all
    select 'rows', 'rows_quarantined', 'part', sum(rows_quarantined) from source_status
    union all
    select 'rows', 'rows_collapsed', 'part', sum(rows_collapsed) from source_status
    union all
    select 'events', 'event', 'whole', count(*) from event
    union all
    select 'events', 'source_status', 'same', sum(event_count) from source_status
    union all
    select 'persons', 'event', 'whole', count(*) from event
    union all
    select 'persons', 'person_event', 'part', count(*) from person_event
    union all
    select 'persons', 'excluded_event', 'part', count(*) from excluded_event
    union all
    select 'persons', 'without_person', 'part', count(*)
    from event
    left join event_person on event.event_id = event_person.event_id
    left join excluded_event on event.event_id = excluded_event.event_id
    where event_person.event_id is null and excluded_event.event_id is null
    union all
    select 'steps', 'person_event', 'whole', count(*) from person_event
    union all
    select 'steps', 'journey_step', 'part', count(*) from journey_step
    union all
    select 'steps', 'outside_event', 'part', count(*) from outside_event
    union all
    select 'texts', 'event_text', 'whole', count(*) from event_text
    union all
    select 'texts', 'sentiment', 'same', count(*) from sentiment
    union all
    select 'journeys', 'segment_member', 'whole', count(*) from segment_member
    union all
    select 'journeys', 'metric_value', 'same', sum(estimate)
    from metric_value
    where estimand = 'journeys' and segment = 'all'
    union all
    select 'journeys', 'segments', 'same', sum(estimate)
    from metric_value
    where estimand = 'journeys' and segment <> 'all'
    union all
    select 'journeys', 'trace_variant', 'same', sum(journey_count)
    from trace_variant
    where segment = 'all'
    union all
    select 'journeys', 'stage_path', 'same', sum(journey_count)
    from stage_path
    where segment = 'all'
    union all
    select 'journeys', 'stage_flow', 'same', sum(journey_count)
    from stage_flow
    where segment = 'all' and next_stage in ('won', 'lost', 'silent', 'open')
    union all
    select 'journeys', 'step_flow', 'same', sum(journey_count)
    from step_flow
    where segment = 'all' and (next_activity = 'more' or next_activity like 'journey_end:%')

)

select
    told.total,
    told.part,
    told.side,
    cast(coalesce(told.amount, 0) as bigint) as amount
from told
