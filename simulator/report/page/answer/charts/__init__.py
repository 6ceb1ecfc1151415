"""The pictures of the answer, each a file, as SVG without script. What has letters is drawn twice, once for a phone, so
that they keep their size."""
