/* Reads commands, one a line.

     add TEXT       print what intern_add returns
     release ID     print what intern_release returns
     show           print id=text*count for every id in use, in order of id */
#include "intern.h"

#include <stdio.h>
#include <string.h>

int main(void)
{
    static struct intern_table table;
    char line[128], verb[16], text[INTERN_TEXT];
    int id;
    intern_init(&table);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "add %31s", text) == 1)
            printf("%d\n", intern_add(&table, text));
        else if (sscanf(line, "release %d", &id) == 1)
            printf("%d\n", intern_release(&table, id));
        else if (sscanf(line, "%15s", verb) == 1 && !strcmp(verb, "show")) {
            printf("show");
            for (id = 0; id < INTERN_STRINGS; id++)
                if (table.string[id].count != 0)
                    printf(" %d=%s*%d", id, table.string[id].text, table.string[id].count);
            putchar('\n');
        } else
            return 2;
    }
    return 0;
}
