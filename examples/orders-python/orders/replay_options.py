"""For the input `replay-options`: what a replay must have in common with the worker."""

from orders.compression_codec import data_converter

replay_options = {"data_converter": data_converter(compress=True)}
