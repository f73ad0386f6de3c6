/* Reads commands, one a line, and calls the allocator. Arenas are numbered 0-3
   and handles 0-63; a handle names an allocation within its arena.

     init A SIZE       fill the arena with junk and call arena_init
     alloc A H N       allocate N bytes as handle H; prints the payload offset or -
     free A H          free what H last pointed to; prints the return value
     resize A H N      resize H (NULL if H was freed); prints the new payload offset or -
     drop A OFFSET     call arena_free on base + OFFSET; prints the return value
     null A            arena_free(NULL) and arena_resize(NULL); prints both
     forge A H         fill H's payload with copies of the 16 bytes before it
     map A             print every block as offset+length, with * if used

   Every payload is filled with a pattern that is checked before it is freed or
   resized, after it is resized, and at the end. */
#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENAS = 4, HANDLES = 64, CAPACITY = 1 << 16 };

struct handle {
    unsigned char *payload;
    size_t bytes;
    unsigned seed;
    int live, forged;
};

static _Alignas(16) unsigned char memory[ARENAS][CAPACITY];
static struct handle handles[ARENAS][HANDLES];
static unsigned next_seed = 1;

static unsigned char pattern(unsigned seed, size_t i)
{
    return (unsigned char)((seed * 2654435761u + (unsigned)i * 40503u) >> 9);
}

static void fill(struct handle *h, size_t from)
{
    for (size_t i = from; i < h->bytes; i++)
        h->payload[i] = pattern(h->seed, i);
}

static void verify(int a, int n, size_t bytes)
{
    struct handle *h = &handles[a][n];
    if (!h->live || h->forged)
        return;
    for (size_t i = 0; i < bytes; i++)
        if (h->payload[i] != pattern(h->seed, i)) {
            printf("arena %d handle %d: byte %zu was overwritten\n", a, n, i);
            return;
        }
}

/* Handles keep the address of what was freed, so that it can be freed twice. */
static void retire(int a, const unsigned char *payload)
{
    for (int n = 0; n < HANDLES; n++)
        if (handles[a][n].payload == payload)
            handles[a][n].live = 0;
}

static void show(int a, const void *p)
{
    if (p == NULL)
        puts("-");
    else
        printf("%td\n", (const unsigned char *)p - memory[a]);
}

static void visit(void *context, size_t offset, size_t length, int used)
{
    (void)context;
    printf(" %zu+%zu%s", offset, length, used ? "*" : "");
}

static void run(const char *verb, int a, unsigned long long x, unsigned long long y)
{
    unsigned char *base = memory[a];
    struct handle *h = &handles[a][x % HANDLES];
    if (!strcmp(verb, "init")) {
        if (x > CAPACITY)
            exit(2);
        memset(handles[a], 0, sizeof handles[a]);
        memset(base, 0xA5, CAPACITY);
        arena_init(base, x);
    } else if (!strcmp(verb, "alloc")) {
        unsigned char *p = arena_alloc(base, y);
        show(a, p);
        if (p != NULL) {
            *h = (struct handle){p, y, next_seed++, 1, 0};
            fill(h, 0);
        }
    } else if (!strcmp(verb, "free")) {
        verify(a, (int)(x % HANDLES), h->bytes);
        int result = arena_free(base, h->payload);
        printf("%d\n", result);
        if (result == 0)
            retire(a, h->payload);
    } else if (!strcmp(verb, "resize")) {
        verify(a, (int)(x % HANDLES), h->bytes);
        unsigned char *p = arena_resize(base, h->live ? h->payload : NULL, y);
        show(a, p);
        if (p != NULL) {
            size_t kept = h->bytes < y ? h->bytes : y;
            h->payload = p;
            h->bytes = y;
            verify(a, (int)(x % HANDLES), kept);
            fill(h, h->forged ? y : kept);
        }
    } else if (!strcmp(verb, "drop")) {
        int result = arena_free(base, base + x);
        printf("%d\n", result);
        if (result == 0)
            retire(a, base + x);
    } else if (!strcmp(verb, "null")) {
        printf("%d\n", arena_free(base, NULL));
        show(a, arena_resize(base, NULL, 16));
    } else if (!strcmp(verb, "forge")) {
        for (size_t i = 0; h->live && i < h->bytes; i++)
            h->payload[i] = h->payload[(ptrdiff_t)(i % 16) - 16];
        h->forged = 1;
    } else if (!strcmp(verb, "map")) {
        printf("map");
        arena_walk(base, visit, NULL);
        putchar('\n');
    } else {
        exit(2);
    }
}

int main(void)
{
    char line[128], verb[16];
    while (fgets(line, sizeof line, stdin) != NULL) {
        int a;
        unsigned long long x = 0, y = 0;
        int fields = sscanf(line, "%15s %d %llu %llu", verb, &a, &x, &y);
        if (fields < 2 || a < 0 || a >= ARENAS)
            return 2;
        run(verb, a, x, y);
    }
    for (int a = 0; a < ARENAS; a++)
        for (int n = 0; n < HANDLES; n++)
            verify(a, n, handles[a][n].bytes);
    return 0;
}
