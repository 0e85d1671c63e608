import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'command-center:public';

/** A route that anybody may call, without a key. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC, true);
