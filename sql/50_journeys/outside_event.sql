-- model: outside_event
-- layer: journeys
-- grain: one row per event of a person that counts and stands in no journey
-- key: event_id
-- not_null: reason
-- reads: person_event, event_placement, journey_step, run_setting
-- why: with `journey_step` it adds up to `person_event`, so that no event is lost from sight
select
    person_event.event_id,
    person_event.person_id,
    case
        when person_event.occurred_at > run_setting.as_of then 'after_cutoff'
        when event_placement.placement = 'ambiguous' then 'ambiguous_deal'
        else 'between_journeys'
    end as reason
from person_event
-- one to one, each
inner join event_placement on person_event.event_id = event_placement.event_id
left join journey_step on person_event.event_id = journey_step.event_id
cross join run_setting
where journey_step.event_id is null
