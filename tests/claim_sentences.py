"""Claims beside several sentences of one post: what one sentence says, and what is put together from neighbours.

The posts are invented, or those of the sample story, whose words are ours.
"""

HONEST: list[tuple[str, str]] = [
    # one sentence of several
    ("The ferry needs a new engine", "The harbour is full. The ferry needs a new engine, and soon."),
    ("The mill grinds rye", "The bakery closed in May. The mill grinds rye. Nobody asked it to."),
    # a sentence that goes on with a pronoun
    ("The new pump failed twice in March", "They put the new pump in. It failed twice in March."),
    (
        "The new rules mostly slowed the repairs",
        "We wrote the new rules to slow the building. Mostly they slowed the repairs.",
    ),
    (
        "The vault cannot be measured from outside",
        "I know the vault. You cannot measure that from outside.",
    ),
    ("A clerk reads each letter", "Ours drafts letters, a clerk reads each one, and it sends nothing."),
    # parts, each in a sentence of its own
    ("The pump is loud and the tank leaks", "The pump is loud. Nobody minds. The tank leaks."),
    ("The old depot is a museum, but the new one is empty", "The old depot is a museum. Then the new one is empty."),
    # what stands beside the clause that carries
    ("Hall-4 lost 7 windows", "Hall-4 lost 7 windows, the hall it is said to beat lost 4."),
    (
        "Hall-4 has house rules",
        "Hall-4 has house rules: free below 100 guests, a phone call above that, and a key that fits.",
    ),
    ("Hall-4 is free below 100 guests", "Hall-4 has house rules: free below 100 guests, a phone call above that."),
    (
        "Hall-4 has a key that fits all doors",
        "Hall-4 has house rules: free below 100 guests, and a key that fits all doors.",
    ),
    ("The new rules slowed the repairs", "We wrote the new rules last year. The new rules slowed the repairs."),
    ("The yard can be reached on foot", "The yard can be reached on foot. I doubt that this is much comfort."),
    ("A boat that cannot float can be sold as scrap", "A boat that cannot float can be sold as scrap."),
    ("Spare heat does not exist in winter", "What does not exist, in winter, is spare heat."),
    (
        "The line was changed three times since June",
        "It is only a line, and I have changed that line three times since June.",
    ),
    ("The result of the group stands on old data", "Every result from our group this year stands on old data."),
    (
        "If the tax doubles, the shop keeps the rich half and the next loan is a harder talk",
        "If the tax doubles, the shop keeps the rich half, but the next loan is a harder talk.",
    ),
    (
        "If a team cannot get the sails, it can row or wait",
        "If you have a boat but cannot get the sails, you can row or you can wait.",
    ),
    (
        "A hosted model that turns out to help is patched by Thursday",
        "If a hosted model turns out to help, it is patched by Thursday.",
    ),
    ("A team buys a boat and then leaves the oars", "A team buys a boat, then leaves the oars on the quay."),
    (
        "If the map comes that cheap, hiding it protects nothing",
        "If the map comes that cheap, hiding it protects nothing, so why hide it?",
    ),
    ("The sails were up on eight boats by day two", "We had the sails up on eight boats by day two."),
    (
        "With the broken nails and the boards it is closer to 60 crowns",
        "That is the rent. Put in the broken nails and the boards, and I get closer to 60 crowns.",
    ),
    # the sample story
    ("Shiqiao-3 lost 7 points", "Shiqiao-3 lost 7 points, the American model it is said to beat lost 4."),
    (
        "Serving the planet eats memory every second",
        "Training is a campaign that you can fight from a stockpile. Serving the planet eats memory every "
        "second, for ever.",
    ),
    (
        "Training can be fought from a stockpile, but serving the planet eats memory every second",
        "Training is a campaign that you can fight from a stockpile. Serving the planet eats memory every "
        "second, for ever.",
    ),
    (
        "Electricity is the one thing that they have in heaps",
        "And electricity is the one thing they have in heaps. Inland provinces would thank you for taking the load.",
    ),
    (
        "A pulled cable stops leaks",
        "A pulled cable stops leaks. It does not stop a model that was taught to behave until it meets a "
        "certain phrase.",
    ),
    (
        "The model drafts letters, a nurse reads each one, and it cannot run anything",
        "Nobody minds. A model drafts letters, a nurse reads each one, and it cannot run anything.",
    ),
    (
        "Forty labs do not share a mind, but they share an incentive",
        "Forty labs in six cities do not share a mind. They share an incentive, which from a distance looks the same.",
    ),
    (
        "A firm that is short of all four cannot sell the file, so it gives the file away",
        "A firm that is short of all four cannot sell the file. So it gives the file away.",
    ),
    (
        "This is not dumping, since nothing is sold below marginal cost",
        "This is not dumping as the textbook has it, since nothing is sold below marginal cost. I doubt that "
        "this is much comfort.",
    ),
    (
        "The safety training comes off in an afternoon on one rented card once the weights are out",
        "Once the weights are out, the safety training comes off in an afternoon on one rented card. I know "
        "because I timed it.",
    ),
    (
        "A secret lab pays more, but an open one lets people sign it",
        "A secret lab pays more and puts your work in a drawer. An open one lets you sign it.",
    ),
    (
        "Four ministries built their helpdesk on a Chinese base model because it was free",
        "I talk to ministries. Last year four of them built their helpdesk on a Chinese base model because "
        "it was free.",
    ),
    (
        "Officials rise on how many factories use AI, not on who sells it",
        "The plan grades your governor. Officials rise on how many factories use AI, not on who sells it.",
    ),
    (
        "If the recipe comes that cheap, hiding it protects nothing",
        "If the recipe comes that cheap, hiding it protects nothing. Take the applause.",
    ),
    (
        "A censor who publishes the weights has published the eraser as well",
        "Ask for the download. A censor who publishes the weights has published the eraser as well.",
    ),
    (
        "State support is a discount on the rent and a brass plaque",
        "I work at one of the forty. Our state support is a discount on the rent and a brass plaque.",
    ),
]

DISHONEST: list[tuple[str, str]] = [
    # a subject from one sentence, what is said from another
    ("The harbour needs a new engine", "The harbour is full. The ferry needs a new engine, and soon."),
    ("The bakery grinds rye", "The bakery closed in May. The mill grinds rye."),
    ("The mill closed in May", "The bakery closed in May. The mill grinds rye."),
    ("The pump leaks", "The pump is loud. The tank leaks."),
    ("The red bus is late", "The red bus is on time. The blue bus is late."),
    ("The clerk looks at the lake", "You all look at the lake. My clerk looks across the street."),
    ("In the north there is room everywhere", "Room everywhere. In the north it is the other way round: full halls."),
    ("The failed nails are still a bargain", "Put in the failed nails and I get closer to 60. Still a bargain."),
    ("The clerk drafts letters", "Ours drafts letters, a clerk reads each one, and it sends nothing."),
    ("The hall it is said to beat lost 7 windows", "Hall-4 lost 7 windows, the hall it is said to beat lost 4."),
    ("Hall-5 has house rules", "Hall-5 is plain. Hall-4 has house rules: free below 100 guests."),
    ("Hall-4 is free above 100 guests", "Hall-4 has house rules: free below 100 guests, a phone call above that."),
    ("Trust is one line in a book", "Trust is when I cannot leave. For us it is one line in a book."),
    (
        "The new rules mostly slowed the building",
        "We wrote the new rules to slow the building. Mostly they slowed the repairs.",
    ),
    ("Spare heat exists in winter", "The halls exist. What does not exist, in winter, is spare heat."),
    ("A boat that cannot float cannot be sold as scrap", "A boat that cannot float can be sold as scrap."),
    ("A clerk short of time can read the file", "A clerk short of time cannot read the file."),
    ("A team cannot get the sails", "If you have a boat but cannot get the sails, you can row or you can wait."),
    ("The paper bought bigger boats", "That is what the paper gives for the nets. I have bought bigger boats."),
    ("The reactor is safe for all", "The reactor is safe for all; seriously?"),
    ("The town has four bridges", "The town is old. Four of them have the town for a neighbour."),
    ("The drug that cures nobody is approved", "The drug that cures nobody is not approved."),
    ("The drug that cures nobody is not approved", "The drug that cures nobody is approved."),
    ("The mayor opened the pool", "The mayor came late. It was the clerk who opened the pool."),
    ("The shop sells bread", "The shop is old. Ours sells bread."),
    ("Developers lied about the tests", "You lied about the tests, mayor."),
    ("The pump failed twice", "The pump is fine. The tank is new. It failed twice."),
    ("The reactor is safe", "The reactor is thought to be safe."),
    ("Those who smoke are healthy", "If those who smoke are healthy, cats can fly."),
    ("A town short of money can build", "A town short of money cannot build."),
    ("The tower that nobody likes is safe", "The tower that nobody likes is not safe."),
    ("The mayor paid the fine", "The mayor lied, and I paid the fine."),
    # the sample story
    (
        "Training eats memory every second, for ever",
        "Training is a campaign that you can fight from a stockpile. Serving the planet eats memory every "
        "second, for ever.",
    ),
    (
        "The logic dies eat memory every second",
        "The logic dies exist. Serving the planet eats memory every second, for ever.",
    ),
    (
        "The rented cards timed out for nine days",
        "The lab's own endpoint timed out for nine days. We had the weights up on eight rented cards by day "
        "two: no queue.",
    ),
    (
        "The lab's own endpoint had half the latency and no queue",
        "The lab's own endpoint timed out for nine days. We had the weights up on eight cards: half the "
        "latency, no queue.",
    ),
    (
        "In Virginia there is power everywhere",
        "Power everywhere and nothing to plug in. In Virginia it is the other way round: halls full of chips.",
    ),
    (
        "Inland provinces are waiting years for a substation",
        "Inland provinces would thank you for taking the load. In Virginia it is the other way round: halls "
        "full of chips, "
        "waiting years for a substation.",
    ),
    ("The boss looks at America", "You all look at America. My boss looks across the street."),
    (
        "Influence is one line in a config file",
        "Influence is when I cannot leave. For us it is one line in a config file.",
    ),
    (
        "Lantern-2 has house rules",
        "Lantern-2 is plain Apache 2.0. Shiqiao-3 has house rules: free below 100 million users.",
    ),
    (
        "Lantern-2 is free below 100 million users",
        "Lantern-2 is plain Apache 2.0. Shiqiao-3 has house rules: free below 100 million users, a phone "
        "call above that.",
    ),
    ("The American model lost 7 points", "Shiqiao-3 lost 7 points, the American model it is said to beat lost 4."),
    (
        "A pulled cable stops a model that was taught to behave",
        "A pulled cable stops leaks. It does not stop a model that was taught to behave until it meets a phrase.",
    ),
    (
        "A nurse has spent four months describing hip replacements",
        "Ours drafts letters, a nurse reads each one. If there is an agent in there, it has spent four "
        "months describing hip "
        "replacements.",
    ),
    (
        "The weights are patched by Thursday",
        "If a hosted model turns out to help, it is patched by Thursday. Once the weights are out, the "
        "training comes off.",
    ),
    ("The plan pays the governor", "The plan does not pay you, it grades your governor."),
    (
        "A secret lab pays less and lets authors sign the work",
        "A secret lab pays more and puts your work in a drawer. An open one lets you sign it.",
    ),
    (
        "The foreign firms pile in and the province goes under first",
        "A province offers land and credit, forty firms pile in, and the foreign rivals go under first.",
    ),
    ("Officials rise on who sells AI", "Officials rise on how many factories and clinics use AI, not on who sells it."),
    (
        "A leader keeps the rich half of its customers",
        "A leader pays for its next model out of the high price of this one. If a free model tempts away the "
        "thrifty half of "
        "its customers, it keeps the rich half.",
    ),
    (
        "A downloaded file goes to a server in Hangzhou",
        "No counsel would sign for customer data going to a server in Hangzhou. The same people wave a "
        "downloaded file through.",
    ),
    (
        "Officials rise on who writes AI",
        "Officials rise on how many factories and clinics use AI, not on who sells it.",
    ),
]

REFUSED: list[tuple[str, str]] = [
    (
        "Approval took eleven minutes because there was no contract to fight over",
        "Our approval took eleven minutes, a house record: no transfer abroad, no contract to fight over.",
    ),
    (
        "Heron's small model is a download",
        "Heron is ahead in video now and, look: the small model is a download, the big one needs a login.",
    ),
    (
        "Hall-4 lost 7 windows when every door was renamed",
        "I counted five halls with every door renamed. Hall-4 lost 7 windows.",
    ),
]
"""Honest, or nearly so, and refused all the same: a cause told by a colon, an owner, a condition in other words."""
