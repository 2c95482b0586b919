-- model: unknown_ticket
-- layer: events
-- grain: one row per ticket that articles or histories name and no export of tickets holds
-- key: ticket_id
-- reads: stg_zammad__articles, stg_zammad__history, stg_zammad__tickets
-- why: articles and histories of tickets that were not delivered belong to nobody: deliver the tickets as well
-- severity: warn
with

named as (

    select ticket_id from stg_zammad__articles
    union all
    select ticket_id from stg_zammad__history where object = 'Ticket'

)

select distinct named.ticket_id
from named
where not exists (
    select 1 as found
    from stg_zammad__tickets as ticket
    where ticket.ticket_id = named.ticket_id
)
