-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_zendesk__tickets, stg_zendesk__users, stg_zendesk__changes, stg_zendesk__comments
-- why: what customers say in their own words: the first message, replies, and the comment on a rating
with

said as (

    select
        'changes' as stream,
        change_id as comment_id,
        ticket_id,
        author_id,
        body,
        coalesce(changed_at, told_at) as created_at
    from stg_zendesk__changes
    where kind = 'Comment' and is_public and body is not null
        and coalesce(changed_at, told_at) is not null
    union all
    select
        'comments' as stream,
        comment.comment_id,
        comment.ticket_id,
        comment.author_id,
        comment.body,
        comment.created_at
    from stg_zendesk__comments as comment
    where comment.is_public
        and comment.body is not null
        -- a comment has the same number in both exports
        and not exists (
            select 1 as found
            from stg_zendesk__changes as change
            where change.change_id = comment.comment_id and change.kind = 'Comment'
        )

),

reply as (

    select
        said.stream,
        said.comment_id,
        said.ticket_id,
        said.author_id,
        said.body,
        said.created_at,
        -- the first comment is the description of the ticket
        case
            when row_number() over (
                partition by said.ticket_id
                order by said.created_at, length(said.comment_id), said.comment_id
            ) = 1
            and said.created_at <= ticket.created_at + interval '60' second
                then 1
            else 0
        end as is_opening,
        case
            when said.author_id = ticket.requester_id then 'customer'
            when writer.role in ('agent', 'admin') then 'agent'
            when writer.role = 'end-user' then 'customer'
            when said.author_id = '-1' then 'bot'
            else 'agent'
        end as author
    from said
    -- many to one: what was said in deleted tickets is left out
    inner join stg_zendesk__tickets as ticket on said.ticket_id = ticket.ticket_id
    -- many to at most one
    left join stg_zendesk__users as writer on said.author_id = writer.user_id

)

select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':created') as natural_key,
    concat_ws(chr(10), subject, description) as text
from stg_zendesk__tickets
where subject is not null or description is not null
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':csat') as natural_key,
    csat_comment as text
from stg_zendesk__tickets
where csat_comment is not null and (csat like 'good%' or csat like 'bad%')
union all
select
    stream,
    concat('comment:', comment_id) as natural_key,
    body as text
from reply
where is_opening = 0 and author = 'customer'
