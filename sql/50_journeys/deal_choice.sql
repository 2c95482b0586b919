-- model: deal_choice
-- layer: journeys
-- grain: one row per event that falls into several deals, of which one is its own
-- key: event_id
-- not_null: deal_id, chosen_by
-- reads: near_deal, person_event, person_timeline, deal_window, event_object, event_session
-- why: of several deals an event belongs to the one of its pipeline or product, else of its session
with

candidate as (

    select
        near_deal.event_id,
        deal_window.deal_id
    from near_deal
    inner join person_event on near_deal.event_id = person_event.event_id
    -- one to many: the windows open at the event
    inner join deal_window
        on
            person_event.person_id = deal_window.person_id
            and person_event.occurred_at between deal_window.opens_at and deal_window.closes_at
    where near_deal.deal_count > 1

),

deal_event as (

    select
        event_id,
        object_id as deal_id
    from event_object
    where object_type = 'deal'

),

trait as (

    select
        event_id,
        'pipeline ' || pipeline as trait
    from person_timeline
    where pipeline is not null
    union
    select
        event_id,
        'product ' || object_id as trait
    from event_object
    where object_type = 'product'

),

deal_trait as (

    select distinct
        deal_event.deal_id,
        trait.trait
    from deal_event
    inner join trait on deal_event.event_id = trait.event_id

),

like_deal as (

    select distinct
        candidate.event_id,
        candidate.deal_id
    from candidate
    -- one to many, then one to one at most
    inner join trait on candidate.event_id = trait.event_id
    inner join deal_trait
        on candidate.deal_id = deal_trait.deal_id and trait.trait = deal_trait.trait

),

session_deal as (

    select distinct
        event_session.person_id,
        event_session.session_no,
        deal_event.deal_id
    from event_session
    inner join deal_event on event_session.event_id = deal_event.event_id

),

likely_candidate as (

    select
        candidate.event_id,
        candidate.deal_id,
        case when session_deal.deal_id is null then 0 else 1 end as is_in_session
    from candidate
    -- at most one each
    left join like_deal
        on candidate.event_id = like_deal.event_id and candidate.deal_id = like_deal.deal_id
    left join event_session on candidate.event_id = event_session.event_id
    left join session_deal
        on
            event_session.person_id = session_deal.person_id
            and event_session.session_no = session_deal.session_no
            and candidate.deal_id = session_deal.deal_id
    -- where some deal is like the event, the others are out
    qualify
        like_deal.deal_id is not null
        or max(like_deal.deal_id) over (partition by candidate.event_id) is null

)

select
    event_id,
    case
        when count(*) = 1 then min(deal_id)
        else min(case when is_in_session = 1 then deal_id end)
    end as deal_id,
    case when count(*) = 1 then 'product' else 'session' end as chosen_by
from likely_candidate
group by event_id
having count(*) = 1 or sum(is_in_session) = 1
