//! Reads files into kadence datasets.
