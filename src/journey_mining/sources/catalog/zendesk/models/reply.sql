-- model: reply
-- layer: events
-- grain: one row per public comment
-- key: stream, comment_id
-- reads: stg_zendesk__changes, stg_zendesk__comments, stg_zendesk__tickets, stg_zendesk__users
-- why: says once which comments are replies, and who wrote them
with

said as (

    select
        'changes' as stream,
        change_id as comment_id,
        ticket_id,
        author_id,
        body,
        coalesce(changed_at, told_at) as created_at,
        _file_id,
        _line
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
        comment.created_at,
        comment._file_id,
        comment._line
    from stg_zendesk__comments as comment
    where comment.is_public
        and comment.body is not null
        -- a comment has the same number in both exports
        and not exists (
            select 1 as found
            from stg_zendesk__changes as change
            where change.change_id = comment.comment_id and change.kind = 'Comment'
        )

)

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
    end as author,
    said._file_id,
    said._line
from said
-- many to one: what was said in deleted tickets is left out
inner join stg_zendesk__tickets as ticket on said.ticket_id = ticket.ticket_id
-- many to at most one
left join stg_zendesk__users as writer on said.author_id = writer.user_id
