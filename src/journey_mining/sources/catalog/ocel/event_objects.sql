-- model: event_objects
-- layer: events
-- grain: one row per event, object and part that the object has in it
-- key: stream, natural_key, object_type, object_id, qualifier
-- reads: stg_ocel__events, stg_ocel__links
-- why: orders, tickets and deals of the log stay what they are; customers and addresses are hidden behind a hash
select
    'events' as stream,
    concat(
        'ocel:',
        case
            when happened.event_id like '%@%' then md5(happened.event_id)
            else happened.event_id
        end
    ) as natural_key,
    link.object_type,
    case
        when
            lower(link.object_type) in ('customer', 'client', 'person', 'user', 'клиент')
            or link.object_id like '%@%'
            then md5(link.object_id)
        else link.object_id
    end as object_id,
    coalesce(link.qualifier, 'related') as qualifier
from stg_ocel__events as happened
-- one to many
inner join stg_ocel__links as link on happened.event_id = link.event_id
where link.object_type is not null
group by
    happened.event_id,
    link.object_type,
    link.object_id,
    link.qualifier
