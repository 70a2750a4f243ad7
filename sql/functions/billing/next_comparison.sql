create function fn.next_comparison(_compared_at timestamptz) returns timestamptz
language sql stable parallel safe
return date_trunc('day', (_compared_at - interval '3 hours 10 minutes') at time zone 'UTC') at time zone 'UTC'
    + interval '1 day 3 hours 10 minutes';

comment on function fn.next_comparison is 'When everybody is compared with Stripe after _compared_at: at ten past three, UTC.';
