"""Campaigns over radio and television: what a plan reaches, which plan is best, what aired, what it changed.

panel, models, airings, intervals, raking, synthesis: reach. instance, files, planner, audit, reporting: plans.
reconciliation: logs and make-goods. effect: surveys, calls, power, promises. See docs/subsystems/reach.md.
"""
