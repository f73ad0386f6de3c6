/* Reads commands, one a line, for one pool.

     init PAGES       print what buddy_init returns
     alloc N          print what buddy_alloc returns
     free START N     print what buddy_free returns
     map              print the free lists, each from first to last */
#include "buddy.h"

#include <stdio.h>
#include <string.h>

static struct buddy pool;

static void map(void)
{
    printf("map");
    for (int order = BUDDY_MAX_ORDER; order >= 0; order--) {
        printf(" %d:", order);
        int shown = 0;
        for (int p = pool.first[order]; p != BUDDY_NONE; p = pool.page[p].next) {
            printf("%s%d", shown ? "," : "", p);
            if (p < 0 || p >= pool.pages || ++shown > pool.pages) {
                printf(" (broken list)");
                break;
            }
        }
    }
    putchar('\n');
}

int main(void)
{
    char line[128], verb[16];
    while (fgets(line, sizeof line, stdin) != NULL) {
        long x = 0, y = 0;
        if (sscanf(line, "%15s %ld %ld", verb, &x, &y) < 1)
            return 2;
        if (!strcmp(verb, "init"))
            printf("%d\n", buddy_init(&pool, x));
        else if (!strcmp(verb, "alloc"))
            printf("%d\n", buddy_alloc(&pool, x));
        else if (!strcmp(verb, "free"))
            printf("%d\n", buddy_free(&pool, x, y));
        else if (!strcmp(verb, "map"))
            map();
        else
            return 2;
    }
    return 0;
}
