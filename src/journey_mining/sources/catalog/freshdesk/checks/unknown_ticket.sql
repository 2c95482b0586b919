-- model: unknown_ticket
-- layer: events
-- grain: one row per ticket that replies or ratings name and no export of tickets holds
-- key: ticket_id
-- reads: stg_freshdesk__conversations, stg_freshdesk__ratings, stg_freshdesk__tickets__version, stg_freshdesk__ticket_list
-- why: replies and ratings of tickets that were not delivered belong to nobody: deliver the tickets as well
-- severity: warn
with

named as (

    select ticket_id from stg_freshdesk__conversations
    union all
    select ticket_id from stg_freshdesk__ratings

)

select distinct named.ticket_id
from named
where not exists (
        select 1 as found
        from stg_freshdesk__tickets__version as version
        where version.ticket_id = named.ticket_id
    )
    and not exists (
        select 1 as found
        from stg_freshdesk__ticket_list as listed
        where listed.ticket_id = named.ticket_id
    )
