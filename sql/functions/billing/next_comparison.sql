create function fn.next_comparison(_compared_at timestamptz) returns timestamptz
language sql stable parallel safe
return date_trunc('day', (_compared_at - interval '3 hours 10 minutes') at time zone 'UTC') at time zone 'UTC'
    + interval '1 day 3 hours 10 minutes';

comment on function fn.next_comparison is 'When all customers are compared with Stripe after _compared_at: at 03:10 UTC.';
