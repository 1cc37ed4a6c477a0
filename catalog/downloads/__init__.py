"""Copy cataloguing: records as files for another library's system, merged or as one library has them."""
