-- model: unknown_ticket
-- layer: events
-- grain: one row per ticket that changes or comments name and no export of tickets holds
-- key: ticket_id
-- reads: stg_zendesk__changes, stg_zendesk__comments, stg_zendesk__tickets__version
-- why: changes and comments of tickets that were not delivered are no events: deliver incremental/tickets as well
-- severity: warn
with

named as (

    select ticket_id from stg_zendesk__changes
    union all
    select ticket_id from stg_zendesk__comments

)

select distinct named.ticket_id
from named
where not exists (
    select 1 as found
    from stg_zendesk__tickets__version as version
    where version.ticket_id = named.ticket_id
)
