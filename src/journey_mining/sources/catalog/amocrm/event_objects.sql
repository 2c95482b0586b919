-- model: event_objects
-- layer: events
-- grain: one row per event and the deal or company it belongs to
-- key: stream, natural_key, object_type, object_id
-- reads: int_amocrm__event_owner, stg_amocrm__deal_items
-- why: journeys that follow deals are cut by them; companies gather the deals of one account
select stream, natural_key, owner_type as object_type, owner_id as object_id, 'subject' as qualifier
from int_amocrm__event_owner
where owner_type in ('deal', 'company')
union all
select
    event_owner.stream, event_owner.natural_key, 'company' as object_type, deal.company_id as object_id,
    'account' as qualifier
from int_amocrm__event_owner as event_owner
-- many to one
inner join stg_amocrm__deal_items as deal
    on event_owner.owner_type = 'deal'
    and event_owner.owner_id = deal.deal_id
where deal.company_id is not null
