"""The doors (接口): the JSON API, pages, sign-in."""
