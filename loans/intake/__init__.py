"""From a wish to a request that can go out: numbers recognised, the title found, rules of the house applied."""
