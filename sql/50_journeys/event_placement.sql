-- model: event_placement
-- layer: journeys
-- grain: one row per event of a person that counts
-- key: event_id
-- not_null: placement
-- reads: person_event, event_object, near_deal, deal_choice, run_setting
-- why: says what each event follows - its person or a deal - before anything is cut
with

own_deal as (

    select
        event_object.event_id,
        min(event_object.object_id) as deal_id
    from event_object
    cross join run_setting
    where event_object.object_type = 'deal' and run_setting.unit = 'deal'
    group by event_object.event_id

)

select
    person_event.event_id,
    case
        when own_deal.deal_id is not null then 'own'
        when near_deal.deal_count = 1 then 'window'
        when deal_choice.chosen_by is not null then deal_choice.chosen_by
        when near_deal.deal_count > 1 then 'ambiguous'
        else 'person'
    end as placement,
    case
        when own_deal.deal_id is not null then own_deal.deal_id
        when near_deal.deal_count = 1 then near_deal.deal_id
        else deal_choice.deal_id
    end as deal_id
from person_event
-- one to one at most, each
left join own_deal on person_event.event_id = own_deal.event_id
left join near_deal on person_event.event_id = near_deal.event_id
left join deal_choice on person_event.event_id = deal_choice.event_id
