"""The classroom: a page on which a change of rule is seen to change people.

`server` answers, `gate` refuses, `sessions` remember what students changed, `crew` holds the processes that simulate;
`county` lives the months, `frame` says what the page is shown of one. `data/` has buttons, households, lessons; `page/`
is the built front end, whose sources lie in ``classroom/`` of the repository. What the server process imports stays
light, so that a page is there at once; only the processes of the crew import the simulator.
"""
