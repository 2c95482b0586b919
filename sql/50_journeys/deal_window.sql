-- model: deal_window
-- layer: journeys
-- grain: one row per person and deal that has an event of this person
-- key: person_id, deal_id
-- not_null: opens_at, closes_at
-- reads: person_event, event_object, run_setting
-- why: events that name no deal belong to the deal in whose window they fall
with

deal_event as (

    select
        event_object.event_id,
        min(event_object.object_id) as deal_id
    from event_object
    where event_object.object_type = 'deal'
    group by event_object.event_id

),

deal_span as (

    select
        deal_event.deal_id,
        min(person_event.occurred_at) as created_at,
        max(person_event.occurred_at) as changed_at,
        max(
            case
                when
                    person_event.outcome is not null
                    or person_event.event_kind in ('deal_won', 'deal_lost')
                    then person_event.occurred_at
            end
        ) as closed_at
    from deal_event
    -- one to one
    inner join person_event on deal_event.event_id = person_event.event_id
    cross join run_setting
    -- what a deal does after the cutoff belongs to the next run
    where person_event.occurred_at <= run_setting.as_of
    group by deal_event.deal_id

)

select
    person_event.person_id,
    deal_span.deal_id,
    deal_span.created_at
    - interval 1 second * cast(floor(min(run_setting.deal_lead_days) * 86400) as bigint)
        as opens_at,
    case
        when deal_span.closed_at = deal_span.changed_at
            then
                deal_span.changed_at
                + interval 1 second * cast(floor(min(run_setting.deal_tail_days) * 86400) as bigint)
        else greatest(deal_span.changed_at, min(run_setting.as_of))
    end as closes_at
from deal_event
inner join person_event on deal_event.event_id = person_event.event_id
inner join deal_span on deal_event.deal_id = deal_span.deal_id
cross join run_setting
where person_event.occurred_at <= run_setting.as_of
group by
    person_event.person_id,
    deal_span.deal_id,
    deal_span.created_at,
    deal_span.changed_at,
    deal_span.closed_at
