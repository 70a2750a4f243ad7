create function fn.nps(_promoters bigint, _detractors bigint, _total bigint) returns double precision
language sql immutable parallel safe
return 100.0 * (_promoters - _detractors) / nullif(_total, 0);

comment on function fn.nps is
'The Net Promoter Score: the share of promoters (9 and 10) less the share of detractors (0 to 6), from -100 to 100. 5 promoters
and 2 detractors of 10 give 30. Null for none.';
