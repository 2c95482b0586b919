-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: int_metrica__place, int_metrica__told, int_metrica__visit, stg_metrica__hits, stg_metrica__visits
-- why: the browser's cookie, and on logged-in pages the contact behind it
with

logged_in as (

    select distinct
        concat('visit:', stated.counter_id, ':', stated.visit_year, ':', stated.visit_id) as visit_key,
        split_part(coalesce(stated.param_values, ''), ',', place.place_no) as contact_id
    from stg_metrica__visits as stated
    -- one to many
    inner join int_metrica__place as place on split_part(coalesce(stated.param_names, ''), ',', place.place_no) = 'client_id'
    where split_part(coalesce(stated.param_values, ''), ',', place.place_no) not in ('', '0')

)

select
    'hits' as stream,
    concat('hit:', watch_id) as natural_key,
    'ym_client' as kind,
    client_id as value
from stg_metrica__hits
where client_id is not null
union all
select
    'hits' as stream,
    concat('hit:', watch_id) as natural_key,
    'b24_contact' as kind,
    contact_id as value
from stg_metrica__hits
where contact_id is not null
union all
select
    'visits' as stream,
    told.natural_key,
    'ym_client' as kind,
    visit.client_id as value
from int_metrica__told as told
-- many to one
inner join int_metrica__visit as visit on told.visit_key = visit.visit_key
where visit.client_id is not null
union all
select
    'visits' as stream,
    told.natural_key,
    'b24_contact' as kind,
    logged_in.contact_id as value
from int_metrica__told as told
-- one to many: whoever logged in during the visit
inner join logged_in on told.visit_key = logged_in.visit_key
