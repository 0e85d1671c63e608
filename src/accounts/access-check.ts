import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { PUBLIC } from '../platform/http/public.js';
import { ACCESS } from './access.js';

/** Refuses to start while a route does not say who may call it: forgetting must not mean "anybody". */
@Injectable()
export class AccessCheck implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  onModuleInit(): void {
    const missing = this.routesWithoutRule();
    if (missing.length === 0) return;
    throw new Error(`These routes need @Access({ role, scope }) or @Public(): ${missing.join(', ')}`);
  }

  private routesWithoutRule(): string[] {
    const controllers = [...this.modules.values()].flatMap((module) => [...module.controllers.values()]);
    return controllers.flatMap(({ metatype }) => (typeof metatype === 'function' ? undeclaredRoutes(metatype) : []));
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what Nest calls a controller's class
function undeclaredRoutes(controller: Function): string[] {
  if (isDeclared(controller)) return [];
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const method = prototype[name];
    const isRoute = method !== undefined && Reflect.hasMetadata(PATH_METADATA, method);
    return isRoute && !isDeclared(method) ? [`${controller.name}.${name}`] : [];
  });
}

function isDeclared(target: object): boolean {
  return Reflect.hasMetadata(ACCESS, target) || Reflect.hasMetadata(PUBLIC, target);
}
