"""Slack as a platform. What a person sees there: `render` draws a view, `home` the Home tab, `forms` a modal, `read`
turns what they pressed or sent back into words of ours. All of these are pure and know nothing of slack_sdk.
"""
