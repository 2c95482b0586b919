-- model: unknown_word
-- layer: events
-- grain: one row per word of the CSV that is not understood
-- key: word
-- reads: stg_freshdesk__ticket_list
-- why: words of your language: a status of tickets with a time of resolving, or an answer to the survey; add it to events.sql and models/ticket_event.sql
-- severity: warn
select status as word
from stg_freshdesk__ticket_list
where resolved_at is not null
    -- opened again since, or waiting
    and lower(status) not in (
        'resolved', 'closed', 'решено', 'решен', 'закрыто', 'закрыт', 'open', 'pending', 'открыто',
        'открыт', 'ожидание', 'waiting on customer', 'waiting on third party'
    )
group by status
union all
select survey as word
from stg_freshdesk__ticket_list
where lower(survey) not in (
    'extremely happy', 'very happy', 'happy', 'neutral', 'unhappy', 'very unhappy',
    'extremely unhappy'
)
group by survey
