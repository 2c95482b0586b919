-- model: event_objects
-- layer: events
-- grain: one row per event and the deal, lead, company or chat it belongs to
-- key: stream, natural_key, object_type, object_id
-- reads: int_bitrix24__event_owner, int_bitrix24__session_event, stg_bitrix24__companies, stg_bitrix24__deal_items, stg_bitrix24__deals
-- why: journeys that follow deals are cut by them; companies gather the deals of one account
with

named_company as (

    -- a title that two companies share names neither
    select title_key, min(company_id) as company_id
    from stg_bitrix24__companies
    where title_key is not null
    group by title_key
    having count(*) = 1

),

found_object as (

    select stream, natural_key, owner_type as object_type, owner_id as object_id, 'subject' as qualifier
    from int_bitrix24__event_owner
    where owner_type in ('deal', 'lead', 'company')
    union all
    select event_owner.stream, event_owner.natural_key, 'company' as object_type, deal.company_id as object_id,
        'account' as qualifier
    from int_bitrix24__event_owner as event_owner
    -- many to one
    inner join stg_bitrix24__deal_items as deal
        on event_owner.owner_type = 'deal'
        and event_owner.owner_id = deal.deal_id
    union all
    select event_owner.stream, event_owner.natural_key, 'company' as object_type, company.company_id as object_id,
        'account' as qualifier
    from int_bitrix24__event_owner as event_owner
    -- many to one: lists name the company by its title
    inner join stg_bitrix24__deals as deal
        on event_owner.owner_type = 'deal'
        and event_owner.owner_id = deal.deal_id
    inner join named_company as company on deal.company_key = company.title_key
    union all
    select stream, natural_key, 'chat' as object_type, session_id as object_id, 'subject' as qualifier
    from int_bitrix24__session_event

)

select distinct stream, natural_key, object_type, object_id, qualifier
from found_object
where object_id is not null
