-- model: talk
-- layer: events
-- grain: one row per public comment
-- key: comment_id
-- reads: stg_usedesk__comments, stg_usedesk__tickets
-- why: numbers the comments of a ticket once, so that all agree on which of them opened it
-- the first comment is what the ticket was opened with, and is told with it
select
    remark.comment_id,
    remark.ticket_id,
    remark.side,
    remark.made_at,
    remark.body,
    remark._file_id,
    remark._line,
    row_number() over (
        partition by remark.ticket_id
        order by
            case when remark.is_first then 0 else 1 end,
            remark.made_at,
            length(remark.comment_id),
            remark.comment_id
    ) as comment_no
from stg_usedesk__comments as remark
inner join stg_usedesk__tickets as ticket on remark.ticket_id = ticket.ticket_id
where coalesce(remark.is_private, false) = false
