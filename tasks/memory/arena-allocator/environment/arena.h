#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* base is 16-byte aligned; size is a multiple of 16 and at least 48. The bytes
   of the arena may hold anything before arena_init. */
void arena_init(void *base, size_t size);

void *arena_alloc(void *base, size_t n);

int arena_free(void *base, void *p);

void *arena_resize(void *base, void *p, size_t n);

/* Calls visit once for each block, in ascending address order. offset is that
   of the block's header from base, length includes the header, and used is 1
   or 0. */
typedef void arena_visitor(void *context, size_t offset, size_t length, int used);
void arena_walk(void *base, arena_visitor *visit, void *context);

#endif
